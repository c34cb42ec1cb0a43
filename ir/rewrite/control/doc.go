// Package control answers questions about routines that several rules ask: which conditions a statement can raise, whether a
// query yields one row, who reads and writes a variable, what a statement writes, and which of the target's conditions stand
// for a condition of the source. It changes nothing by itself, except where a function says so.
//
// All answers err on the safe side: what is not known can raise, writes, and is read.
package control
