// Package parser lists the front ends: each turns the scripts of its dialects into units of the IR.
package parser

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/resolve"
	"godwit/ir/resolve/plsql"
	"godwit/ir/source"
	"godwit/parser/mysql"
	"godwit/parser/mysql/semantics"
	"godwit/parser/oracle"
	"godwit/parser/scan"
)

// frontEnd is one dialect of the list.
type frontEnd struct {
	dialect dialect.Name
	parse   func(*source.File, scan.Options) ([]*ir.Unit, error)
	pieces  func(io.Reader, string, scan.Options) iter.Seq2[scan.Piece, error]
	source  func(*catalog.Catalog) Source
	codes   func() []*diag.Code
}

// Source is what a dialect brings beside its parser.
type Source struct {
	Binder resolve.Binder
	// Helpers is the family of the target's helper routines.
	Helpers string
	// Integers is the policy for columns of whole numbers where the user chose none.
	Integers string
	// SystemTables are the tables of the server that rules know; nil if there are none.
	SystemTables map[string]*catalog.Table
}

// plsqlSource is Oracle's Source.
func plsqlSource(cat *catalog.Catalog) Source {
	r := plsql.New(cat)
	return Source{Binder: r, Helpers: "oracle", Integers: "narrow", SystemTables: r.SystemTables()}
}

// shared is a Source by the semantics that MySQL's family shares.
func shared(semantics func() *resolve.Semantics) func(*catalog.Catalog) Source {
	return func(cat *catalog.Catalog) Source {
		sem := semantics()
		return Source{Binder: resolve.New(cat, sem), Helpers: "mysql", Integers: "numeric", SystemTables: sem.SystemTables}
	}
}

// frontEnds lists the front ends; deleting a dialect is deleting its folders and its line here.
func frontEnds() []frontEnd {
	return []frontEnd{
		{dialect.MySQL, mysql.Parse, mysql.Pieces, shared(semantics.MySQL), mysql.Codes},
		{dialect.MariaDB, mysql.Parse, mysql.Pieces, shared(semantics.MariaDB), nil},
		{dialect.Oracle, oracle.Parse, oracle.Pieces, plsqlSource, oracle.Codes},
	}
}

func find(d dialect.Name) (frontEnd, error) {
	for _, fe := range frontEnds() {
		if fe.dialect == d {
			return fe, nil
		}
	}
	return frontEnd{}, fmt.Errorf("source dialect %q is not supported; use one of %s", d, strings.Join(Dialects(), ", "))
}

// Dialects lists the dialects that can be read.
func Dialects() []string {
	var out []string
	for _, fe := range frontEnds() {
		out = append(out, string(fe.dialect))
	}
	return out
}

// Parse reads a script into units, one per statement, in order. What cannot be read is a unit with a finding; an error
// means that the input as a whole cannot be read (an unknown dialect or charset).
func Parse(f *source.File, o scan.Options) ([]*ir.Unit, error) {
	fe, err := find(o.Dialect)
	if err != nil {
		return nil, err
	}
	return fe.parse(f, o)
}

// Pieces cuts a script of any size into its statements; what Parse gives is what parsing the pieces gives.
func Pieces(r io.Reader, name string, o scan.Options) (iter.Seq2[scan.Piece, error], error) {
	fe, err := find(o.Dialect)
	if err != nil {
		return nil, err
	}
	return fe.pieces(r, name, o), nil
}

// Resolver is the resolver of a dialect over a catalog, and what belongs to it.
func Resolver(d dialect.Name, cat *catalog.Catalog) (Source, error) {
	fe, err := find(d)
	if err != nil {
		return Source{}, err
	}
	return fe.source(cat), nil
}

// Codes are the codes of all front ends' findings.
func Codes() []*diag.Code {
	var out []*diag.Code
	for _, fe := range frontEnds() {
		if fe.codes != nil {
			out = append(out, fe.codes()...)
		}
	}
	return out
}
