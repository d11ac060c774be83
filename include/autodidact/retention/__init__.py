"""What a system may take up: how long files of the store are kept that nothing needs any more, and how many
cycles and hours of training it may use.
"""
