// Package emit is the printer core that all targets share: a document with groups and indentation that is laid out
// to a line width, comments carried over from the source, and a map from each output line back to it.
package emit

import "godwit/ir/source"

// LineMap says where one line of output came from.
type LineMap struct {
	Line  int         // line of the output, from 1
	Span  source.Span // the source of the first construct on the line; the zero Span if a rule made all of it
	Rules []string    // codes of the rules that made or changed what stands on the line, in order of appearance
}

// Result is a printed statement.
type Result struct {
	Text  string // without a trailing line break
	Lines Lines
}
