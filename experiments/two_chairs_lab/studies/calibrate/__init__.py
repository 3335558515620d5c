"""The commands calibrate and predict: the model beside observed polls."""
