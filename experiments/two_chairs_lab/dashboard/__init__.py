"""The live page: what is changed on it (`changes`), what it shows (`page`), how it is served."""
