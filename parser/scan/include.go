package scan

import (
	"fmt"
	"slices"

	"godwit/ir/source"
)

// mostIncluded is how deep scripts may call each other (SQL*Plus User's Guide and Reference, "@ (at sign)"; the mysql client has no limit of
// its own).
const mostIncluded = 20

// mostRead is how many scripts an input may call: those that call each other several times would be read without end.
const mostRead = 100_000

// Includes follows the scripts that call one another.
type Includes struct {
	reading []string // names of those that are being read, from the input on
	read    int      // how many were
}

// Enter is the script that another calls, decoded, which is read in its place; Leave has to be called when it is read. Without a script, why
// tells the reason; it is "" for a script that is an input itself.
func (in *Includes) Enter(o Options, from, name string, beside bool) (f *source.File, why string) {
	switch {
	case o.Include == nil:
		return nil, "files cannot be read here"
	case len(in.reading) > mostIncluded:
		return nil, fmt.Sprintf("scripts call each other more than %d deep", mostIncluded)
	case in.read >= mostRead:
		return nil, fmt.Sprintf("more than %d scripts are called", mostRead)
	}
	if len(in.reading) == 0 {
		in.reading = append(in.reading, from)
		defer func() {
			if f == nil {
				in.reading = nil
			}
		}()
	}
	f, err := o.Include(from, name, beside)
	if err == nil && f != nil {
		f, err = Decode(f, o.Charset)
	}
	switch {
	case err != nil:
		return nil, err.Error()
	case f == nil:
		return nil, ""
	case f.Name == from || slices.Contains(in.reading, f.Name):
		return nil, "it is being read already"
	}
	in.reading = append(in.reading, f.Name)
	in.read++
	return f, ""
}

// Leave ends the script that was entered last.
func (in *Includes) Leave() {
	if in.reading = in.reading[:len(in.reading)-1]; len(in.reading) == 1 {
		in.reading = nil
	}
}

// NoName is why a script that a command calls without a name is not read.
const NoName = "the command gives no name"

// Called is how a script that is called is named in messages.
func Called(name string) string {
	if name == "" {
		return "a script"
	}
	return "the script " + name
}
