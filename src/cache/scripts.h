/*
 * The Lua scripts that Redis runs, as strings: script_apply and script_publish. make turns each .lua file beside this
 * one into a .inc file that defines its string.
 */
#ifndef CACHE_SCRIPTS_H
#define CACHE_SCRIPTS_H

#include "cache/apply.inc"
#include "cache/publish.inc"

#endif
