package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// What the YAML decoder says of a task file names types of this program; whoever wrote the file knows its fields.

var (
	noField  = regexp.MustCompile(`^line (\d+): field (\S+) not found in type \S+$`)
	badValue = regexp.MustCompile("^line (\\d+): cannot unmarshal (!!\\w+) ?(?:`(.*)` )?into (\\S+)$")
)

// taskProblem says what is wrong with a task file's form, and what would be right.
func taskProblem(err error) string {
	var bad *yaml.TypeError
	if !errors.As(err, &bad) {
		return err.Error() + "; indent with blanks, not tabs, and quote texts that hold ': ', '#' or begin with a sign"
	}
	out := make([]string, len(bad.Errors))
	for i, text := range bad.Errors {
		out[i] = fieldProblem(text)
	}
	return strings.Join(out, "\n")
}

func fieldProblem(text string) string {
	if m := noField.FindStringSubmatch(text); m != nil {
		out := fmt.Sprintf("line %s: there is no field %s at this place", m[1], m[2])
		if near := nearField(m[2]); near != "" {
			out += "; did you mean " + near + "?"
		}
		return out + "; docs/task.md and godwit schema show all of them"
	}
	if m := badValue.FindStringSubmatch(text); m != nil {
		what, want := m[3], wanted(m[4])
		switch {
		case m[2] == "!!seq":
			what = "a list"
		case m[2] == "!!map":
			what = "a section"
		case m[2] == "!!null" || what == "":
			what = "nothing"
		}
		return fmt.Sprintf("line %s: %s stands where %s is wanted; docs/task.md shows all fields", m[1], what, want)
	}
	return text
}

// wanted is a type of a field in the words of docs/task.md.
func wanted(goType string) string {
	switch {
	case goType == "time.Duration":
		return "a duration with its unit, such as 20ms, 5s or 1h,"
	case goType == "bool":
		return "true or false"
	case goType == "string":
		return "a text"
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "uint"), strings.HasPrefix(goType, "float"):
		return "a number"
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	}
	return "a section with fields of its own"
}

// nearField is the field that a misspelt one is nearest to, with its section; "" if none is near.
func nearField(name string) string {
	best, least := "", 1+len(name)/3
	for _, f := range fieldNames() {
		last := f[strings.LastIndex(f, ".")+1:]
		if d := editDistance(strings.ToLower(name), last); d < least || d == least && best == "" {
			best, least = f, d
		}
	}
	return best
}

// fieldNames lists the fields of a task file, with their sections.
func fieldNames() (out []string) {
	type node struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	var walk func(prefix string, raw []byte)
	walk = func(prefix string, raw []byte) {
		var n node
		if json.Unmarshal(raw, &n) != nil {
			return
		}
		for name, sub := range n.Properties {
			out = append(out, prefix+name)
			walk(prefix+name+".", sub)
		}
	}
	walk("", taskSchema)
	slices.Sort(out)
	return out
}

// editDistance is how many letters have to be added, left out, changed or exchanged with their neighbours.
func editDistance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
