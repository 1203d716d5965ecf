#define _GNU_SOURCE
#include "include/CSpawn.h"
#include <locale.h>
#include <wchar.h>

int cs_widths(signed char *columns, unsigned count) {
  locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  if (!utf8) return -1;
  locale_t before = uselocale(utf8);
  for (unsigned scalar = 0; scalar < count; scalar++) columns[scalar] = (signed char)wcwidth((wchar_t)scalar);
  uselocale(before);
  freelocale(utf8);
  return 0;
}
