module example.com/clock
