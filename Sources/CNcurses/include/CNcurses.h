// Filled once the terminal is written.
#include <ncurses.h>
