"""How sprout, the base model that ships with the library, is made: `autodidact sprout`."""
