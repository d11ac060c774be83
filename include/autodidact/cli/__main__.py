"""`python -m autodidact.cli`"""

from autodidact.cli import main

main()
