// Has nothing: its target makes the headers that the test programs read.
