# Small macros of our own, so that the build needs autoconf and automake alone.

# BOOKSHARE_FLAG(VARIABLE, FLAGS): appends FLAGS to VARIABLE if a program compiles and links with them without a
# warning. The program is large enough for the options that protect stack and strings to have something to do.
AC_DEFUN([BOOKSHARE_FLAG], [
  AC_MSG_CHECKING([whether $CC takes $2])
  bookshare_saved_cflags=$CFLAGS
  CFLAGS="$CFLAGS $2 -Werror"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>
#include <string.h>]], [[char s[64]; memset(s, 0, sizeof s); return fgets(s, sizeof s, stdin) == NULL;]])],
    [AC_MSG_RESULT([yes])
     $1="$$1 $2"],
    [AC_MSG_RESULT([no])])
  CFLAGS=$bookshare_saved_cflags
])

# BOOKSHARE_MISSING(WHAT, DEBIAN-PACKAGE): remembers that something is missing; BOOKSHARE_REPORT_MISSING says it.
AC_DEFUN([BOOKSHARE_MISSING], [
  bookshare_missing="$bookshare_missing
    $1"
  bookshare_packages="$bookshare_packages $2"
])

# Ends configure if anything is missing, with everything that is, and the line that installs it on Debian.
AC_DEFUN([BOOKSHARE_REPORT_MISSING], [
  AS_IF([test -n "$bookshare_missing"], [AC_MSG_ERROR([these are missing:
$bookshare_missing

  On Debian: apt-get install$bookshare_packages
  (or let ./bootstrap do it)])])
])

# BOOKSHARE_LIBRARY(VARIABLE, MODULE, HEADER, LIBRARY, FUNCTION, PACKAGE): sets VARIABLE_CFLAGS and VARIABLE_LIBS, by
# pkg-config if it knows MODULE, otherwise by looking for the header and the library themselves.
AC_DEFUN([BOOKSHARE_LIBRARY], [
  PKG_CHECK_MODULES([$1], [$2], [], [
    AC_CHECK_HEADER([$3],
      [AC_CHECK_LIB([$4], [$5], [$1_LIBS="-l$4"], [BOOKSHARE_MISSING([lib$4], [$6])])],
      [BOOKSHARE_MISSING([$3 of lib$4], [$6])])])
])

# BOOKSHARE_MYSQL: the C client library, MariaDB's or Oracle's: the two have the same interface.
AC_DEFUN([BOOKSHARE_MYSQL], [
  PKG_CHECK_MODULES([MYSQL], [libmariadb], [], [
    PKG_CHECK_MODULES([MYSQL], [mysqlclient], [], [
      AC_PATH_PROGS([MYSQL_CONFIG], [mariadb_config mysql_config])
      AS_IF([test -n "$MYSQL_CONFIG"],
        [MYSQL_CFLAGS=`$MYSQL_CONFIG --include`
         MYSQL_LIBS=`$MYSQL_CONFIG --libs`],
        [BOOKSHARE_MISSING([libmariadb or libmysqlclient], [libmariadb-dev])])])])
])

# BOOKSHARE_CLEARSILVER: static libraries without a pkg-config file, whose headers include one another by paths that
# begin below their own folder. cgi.h brings zlib.
AC_DEFUN([BOOKSHARE_CLEARSILVER], [
  AC_ARG_VAR([CLEARSILVER_CFLAGS], [C compiler flags for ClearSilver])
  AC_ARG_VAR([CLEARSILVER_LIBS], [linker flags for ClearSilver])
  if test -z "$CLEARSILVER_CFLAGS"; then
    CLEARSILVER_CFLAGS="-isystem /usr/include/ClearSilver"
    test -f /usr/local/include/ClearSilver/ClearSilver.h &&
      CLEARSILVER_CFLAGS="-isystem /usr/local/include/ClearSilver"
  fi
  test -n "$CLEARSILVER_LIBS" || CLEARSILVER_LIBS="-lneo_cgi -lneo_cs -lneo_utl"
  bookshare_saved_cppflags=$CPPFLAGS bookshare_saved_libs=$LIBS
  CPPFLAGS="$CPPFLAGS $CLEARSILVER_CFLAGS" LIBS="$CLEARSILVER_LIBS $ZLIB_LIBS $LIBS"
  AC_MSG_CHECKING([for ClearSilver])
  AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <ClearSilver/ClearSilver.h>]],
      [[CSPARSE *parse; return cs_init(&parse, NULL) || cgi_register_strfuncs(parse);]])],
    [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no])
     BOOKSHARE_MISSING([ClearSilver (ClearSilver/ClearSilver.h, libneo_cgi.a, libneo_cs.a, libneo_utl.a)],
       [clearsilver-dev])])
  CPPFLAGS=$bookshare_saved_cppflags LIBS=$bookshare_saved_libs
])
