// Package parser lists the front ends: each turns the scripts of its dialects into units of the IR.
package parser

import (
	"fmt"

	"godwit/ir"
	"godwit/ir/dialect"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/parser/mysql"
	"godwit/parser/scan"
)

// frontEnd is one line of the list of dialects.
type frontEnd struct {
	dialects []dialect.Name
	parse    func(*source.File, scan.Options) ([]*ir.Unit, error)
	codes    func() []*diag.Code
}

// frontEnds lists the front ends; deleting a dialect is deleting its folders and its line here.
func frontEnds() []frontEnd {
	return []frontEnd{
		{[]dialect.Name{dialect.MySQL, dialect.MariaDB}, mysql.Parse, mysql.Codes},
	}
}

// Parse reads a script into units, one per statement, in order. What cannot be read is a unit with a finding; an error
// means that the input as a whole cannot be read (an unknown dialect or charset).
func Parse(f *source.File, o scan.Options) ([]*ir.Unit, error) {
	for _, fe := range frontEnds() {
		for _, d := range fe.dialects {
			if d == o.Dialect {
				return fe.parse(f, o)
			}
		}
	}
	return nil, fmt.Errorf("no front end reads the dialect %q", o.Dialect)
}

// Codes are the codes of all front ends' findings.
func Codes() []*diag.Code {
	var out []*diag.Code
	for _, fe := range frontEnds() {
		out = append(out, fe.codes()...)
	}
	return out
}
