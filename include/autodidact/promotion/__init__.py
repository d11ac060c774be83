"""From a verdict to the model in service: `verdict` and `feedback` judge, `registry` changes the champion, `deploy` serves it,
`recovery` mends what was killed, `outcome` holds the stages that do these things.
"""
