"""The pages of the manual, as `novasim manual` shows them."""
