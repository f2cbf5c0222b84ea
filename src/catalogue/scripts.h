/*
 * The Lua scripts that Redis runs, as strings: script_apply and script_publish. make turns each .lua file beside this
 * one into a .inc file that defines its string.
 */
#ifndef CATALOGUE_SCRIPTS_H
#define CATALOGUE_SCRIPTS_H

#include "catalogue/apply.inc"
#include "catalogue/publish.inc"

#endif
