"""Claims as plans: a sentence about the case, put to the test over the space of the model."""
