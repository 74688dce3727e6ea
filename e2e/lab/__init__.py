"""The browser lab: real servers on loopback, and a recorder that stands for every other host of the world."""
