"""From a verdict to the model in service: `verdict` and `feedback` judge, `registry` changes the champion,
`rollback` brings an earlier one back, `deploy` serves it, `champion_file` says which it is, `recovery` mends
what was killed, `by_hand` is what a person does. The tasks that call them are in cycle/decide.py and
cycle/close.py.
"""
