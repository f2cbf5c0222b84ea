/*
 * The Lua scripts for Redis, as strings: script_apply and script_publish. make converts each .lua file in this folder
 * into a .inc file that defines its string.
 */
#ifndef CACHE_SCRIPTS_H
#define CACHE_SCRIPTS_H

#include "cache/apply.inc"
#include "cache/publish.inc"

#endif
