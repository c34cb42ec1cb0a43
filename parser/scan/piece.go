package scan

import "godwit/ir"

// Piece is one statement of a script that is read bit by bit.
type Piece interface {
	// Rows tells that the statement inserts rows of constants.
	Rows() bool
	// Size is the length of its text in bytes.
	Size() int
	// Parse makes its units; several pieces may be parsed at the same time.
	Parse(o Options) []*ir.Unit
}
