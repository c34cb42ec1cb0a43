package scan

import (
	"godwit/ir"
	"godwit/ir/diag"
)

// Piece is one statement of a script that is read bit by bit.
type Piece interface {
	// Rows tells that the statement inserts rows of constants.
	Rows() bool
	// Size is the length of its text in bytes.
	Size() int
	// Asks tells that the statement may ask how the one before it went: for its count of rows, or the number that it has given.
	Asks() bool
	// Parse makes its units; several pieces may be parsed at the same time.
	Parse(o Options) []*ir.Unit

	// Head is the text of a plain INSERT of rows up to the first of them, "" if the piece is not one.
	Head() string
	// Place is the file's name and the line of the statement.
	Place() (file string, line int)
	// Notes are the findings about a piece with a head that its place in the script gives rise to; what Some makes has none.
	Notes() []diag.Finding
	// EachRow calls f for the rows behind the head as long as it returns true, and tells whether all were read. The list of
	// constants is used again for the next row.
	EachRow(f func(row []Constant, at RowSpan) bool) bool
	// Some is the piece with some of its rows, at the same place.
	Some(rows []RowSpan) Piece
}
