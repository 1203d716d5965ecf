/* The floor under a list in a terminal: reads a file whole, paints the rows that fit, moves a cursor.
   What a program on the same library cannot get below. */
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>

static char **lines;
static int count;

static int read_lines(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  size_t room = 0, length = 0;
  int lines_room = 0;
  char *line = NULL;
  while ((ssize_t)(length = (size_t)getline(&line, &room, file)) > 0) {
    if (count == lines_room) lines = realloc(lines, sizeof *lines * (size_t)(lines_room = lines_room * 2 + 64));
    line[length - 1] = 0;
    lines[count++] = strdup(line);
  }
  fclose(file);
  return count;
}

int main(int number, char **arguments) {
  if (number < 2 || !read_lines(arguments[1])) return 1;
  initscr();
  cbreak();
  noecho();
  int chosen = 0, key = 0, top = 0;
  do {
    if (key == 'j' && chosen + 1 < count) chosen++;
    if (key == 'k' && chosen > 0) chosen--;
    if (chosen >= top + LINES - 1) top = chosen - LINES + 2;
    if (chosen < top) top = chosen;
    erase();
    for (int row = 0; row < LINES - 1 && top + row < count; row++)
      mvprintw(row, 0, "%c %.*s", top + row == chosen ? '>' : ' ', COLS - 3, lines[top + row]);
    mvprintw(LINES - 1, 0, "%d of %d", chosen + 1, count);
    refresh();
  } while ((key = getch()) != 'q');
  endwin();
  return 0;
}
