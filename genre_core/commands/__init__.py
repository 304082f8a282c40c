"""The commands of the command line: options in, a table or JSON out."""
