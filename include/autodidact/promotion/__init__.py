"""From a verdict to the model in service: `verdict` and `feedback` judge, `registry` changes the champion,
`deploy` serves it, `recovery` mends what was killed, `by_hand` is what a person does. The tasks that call
them are in cycle/decide.py and cycle/close.py.
"""
