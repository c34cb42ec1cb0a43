package scan

import (
	"godwit/ir/dialect"
	"godwit/ir/source"
)

// Options say how a source is read. The zero value is a usable default of every front end.
type Options struct {
	Dialect  dialect.Name
	Version  dialect.Version  // server version of the source; zero means the newest known
	Settings dialect.Settings // settings in force at the start: "sql-mode", "collation", ...
	Schema   string           // schema in force at the start
	// Charset of the input: "" or "utf-8", "latin1" (Windows-1252, as MySQL means it).
	Charset string
	// Statement tells that the whole text is one statement (SHOW CREATE of a live server): no delimiters are looked for.
	Statement bool
	// Include reads a script that another calls (SQL*Plus: @, @@, START; mysql: SOURCE). from is the name of the one that calls, beside tells that the
	// name is meant beside it. Without a file and an error the script is not read there, because it is an input itself. nil: none is read.
	Include func(from, name string, beside bool) (*source.File, error)
	// Static is the value of a constant of a package that is known when code is compiled, by PACKAGE.CONSTANT: nil, a bool, an int or
	// a string. It may be called from several goroutines; nil: none is known.
	Static func(name string) (value any, known bool)
	// Chunk is how many bytes of a stream are read at a time; 0 means 64 KiB.
	Chunk int
	// Workers is the number of units parsed at the same time; 0 means one per processor.
	Workers int
}
