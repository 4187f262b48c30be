"""What pages and plugins may read in lists, scoped to the viewer: plain frozen values, never rows.

Every list is one statement over real columns, joined to the viewer's own relations or bounded by their unit.
"""

from kinerja_read.beside import beside as beside
from kinerja_read.choosing import ties as ties
from kinerja_read.editions import Act as Act
from kinerja_read.editions import Corrected as Corrected
from kinerja_read.editions import Edition as Edition
from kinerja_read.editions import Signer as Signer
from kinerja_read.editions import editions as editions
from kinerja_read.entry import case as case
from kinerja_read.entry import facts as facts
from kinerja_read.entry import named as named
from kinerja_read.lines import Beside as Beside
from kinerja_read.lines import CaseLine as CaseLine
from kinerja_read.lines import CaseMessage as CaseMessage
from kinerja_read.lines import CaseRequest as CaseRequest
from kinerja_read.lines import Choosing as Choosing
from kinerja_read.lines import HistoryLine as HistoryLine
from kinerja_read.lines import JobLine as JobLine
from kinerja_read.lines import MessageLine as MessageLine
from kinerja_read.lines import Place as Place
from kinerja_read.lines import Reason as Reason
from kinerja_read.lines import RevisionLine as RevisionLine
from kinerja_read.lines import StageLine as StageLine
from kinerja_read.lines import Standing as Standing
from kinerja_read.lines import TaskLine as TaskLine
from kinerja_read.lines import Waits as Waits
from kinerja_read.places import places as places
from kinerja_read.places import reasons as reasons
from kinerja_read.records import LINES as LINES
from kinerja_read.records import LOOKED as LOOKED
from kinerja_read.records import history as history
from kinerja_read.records import messages as messages
from kinerja_read.records import messages_below as messages_below
from kinerja_read.records import notes as notes
from kinerja_read.records import root_settings as root_settings
from kinerja_read.standings import cases_of as cases_of
from kinerja_read.standings import own_cases as own_cases
from kinerja_read.standings import standings as standings
from kinerja_read.standings import standings_below as standings_below
from kinerja_read.turns import open_tasks as open_tasks
from kinerja_read.turns import stuck_below as stuck_below
from kinerja_read.turns import turns as turns
from kinerja_read.turns import waiting_elsewhere as waiting_elsewhere
from kinerja_read.turns import waits as waits
from kinerja_read.units import overseen as overseen
from kinerja_read.units import unit as unit
from kinerja_read.units import unit_names as unit_names
from kinerja_read.units import units_below as units_below
from kinerja_read.units import units_named as units_named
from kinerja_read.work import imports_at as imports_at
from kinerja_read.work import own_job as own_job
