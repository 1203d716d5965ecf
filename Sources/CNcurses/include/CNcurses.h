// What the terminal's owner needs of ncursesw and its driver and cannot reach from Swift by itself. Each
// declaration below says why it is here; what imports as it is (newterm, wmove, doupdate …) comes with
// <ncurses.h>.
#ifndef HANDSHAKE_CNCURSES_H
#define HANDSHAKE_CNCURSES_H

// Without these two <ncurses.h> declares none of the wide-character calls.
#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE_EXTENDED 1
#include <ncurses.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// MARK: ncurses

// Mutable C globals are errors in Swift 6: handed out by value.
static inline WINDOW *cn_screen_window(void) { return stdscr; }
static inline WINDOW *cn_physical_window(void) { return curscr; }
static inline int cn_colour_count(void) { return COLORS; }

// The A_ macros are casts, which Swift does not import.
static const attr_t cn_bold = A_BOLD;
static const attr_t cn_dim = A_DIM;
static const attr_t cn_underline = A_UNDERLINE;
static const attr_t cn_reverse = A_REVERSE;

// The pair beyond a short travels behind `opts`, which Swift sees as an untyped pointer.
static inline int cn_set_style(WINDOW *window, attr_t attributes, int pair) {
  return wattr_set(window, attributes, (short)pair, &pair);
}

// A character with its marks as one cell. Written as a string, marks of a wide one are lost: curses adds
// them to its right half, which it never sends. `scalars` end with 0.
int cn_add_glyph(WINDOW *window, const wchar_t *scalars);

// What the terminfo database has for a terminal's name.
typedef enum {
  cn_entry_found,
  // An entry of a printing terminal.
  cn_entry_hardcopy,
  // No entry, or one that describes no terminal in particular.
  cn_entry_unknown,
  cn_entry_no_database,
} cn_entry;

// Looks a terminal up without a word on stderr; newterm says only that it failed.
cn_entry cn_look_up(const char *name, int descriptor);

// Whether the entry that was read last can bring the cursor to any cell: by its address, by a row's and a
// column's, or from a known place step by step.
bool cn_can_place_cursor(void);

// tigetstr answers (char *)-1 for a name that is no string. Null when the terminal lacks it.
const char *cn_capability(const char *name);

// MARK: the terminal's driver

// The window size that the terminal's driver knows; false when it knows none (0 by 0).
bool cn_window_size(int descriptor, int *rows, int *columns);

// What lets the terminal scroll so many rows, all that it has; the cursor is anywhere after it. ncurses
// sends it for the size that it began with, and not again for a new one. Without padding, which only
// tputs understands. Null when it cannot scroll; good until the next call.
const char *cn_scrolling(int rows);

// Switches off every report that another program may have left on: mouse, focus, kitty's keyboard
// protocol, modifyOtherKeys. For terminals that know control sequences.
const char *cn_reporting_off(void);

// Stops this process as ^Z does, with the rest of its job; returns when it goes on. A signal sent to
// one thread is not seen by a signalfd that another thread reads: it cannot be swallowed there.
void cn_stop_job(void);

// MARK: Putting the terminal back when Swift cannot
//
// After a trap no Swift code may run, and a stalled terminal blocks every ordinary write; so this part is
// C, async-signal-safe, and writes to a non-blocking descriptor of its own.

// Remembers the terminal's present modes, and handles SEGV BUS ILL TRAP ABRT FPE from here on: put the
// terminal back, show what was kept aside, die of the same signal. Call before raw mode, once. False when
// `terminal` is none.
bool cn_guard_prepare(int terminal);
// While the screens are up there is something to put back; while they are suspended there is not.
void cn_guard_set_active(bool active);
// What stderr was, and the file in which it is kept aside; both -1 when it is not.
void cn_guard_set_aside(int original_stderr, int kept);
// Puts the terminal back if the screens are up, waiting a tenth of a second at most.
void cn_guard_restore(void);

#endif
