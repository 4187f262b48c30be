"""People come, go and stand in for each other: posts, conditions, requests, endings, facts of units, rows of imports;
and who of them is signed in.

It changes cases only through the kernel: relations by `relations`, endings by `workflow`'s own closing."""
