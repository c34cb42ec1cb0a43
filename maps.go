package godwit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// mapsName is the file of a converted folder that holds the maps of its files: one JSON object per line, each with lines of one file.
// Files with rows and scripts may be large; each of these has its map beside it, in a file of the same form.
const mapsName = "maps.jsonl"

// mapEnding is what the name of a map beside a file ends in.
const mapEnding = ".map.jsonl"

// mapBesides tells that files of a kind have their maps beside them.
func mapBesides(kind string) bool { return kind == "data" || kind == "other" }

// mapBlock is how many lines of a file one object of a map has at most.
const mapBlock = 1000

// mapText writes the map of one file.
type mapText struct {
	file   string
	buf    []byte
	source string // of the object that is open
	lines  int    // in it, 0 if none is open
}

// add writes a line: [line, line of the source, rules...].
func (m *mapText) add(l *LineFrom) {
	if m.lines == mapBlock || m.lines > 0 && l.Source != m.source && l.Source != "" {
		m.end()
	}
	if m.lines == 0 {
		m.source = l.Source
		m.buf = appendJSON(append(m.buf, `{"file":`...), m.file)
		m.buf = append(appendJSON(append(m.buf, `,"source":`...), m.source), `,"lines":[`...)
	} else {
		m.buf = append(m.buf, ',')
	}
	m.lines++
	m.buf = strconv.AppendInt(append(m.buf, '['), int64(l.Line), 10)
	m.buf = append(m.buf, ',')
	if n := l.SourceLine; l.Source == "" && n > 0 {
		m.buf = strconv.AppendInt(m.buf, int64(-n), 10) // no file is known
	} else {
		m.buf = strconv.AppendInt(m.buf, int64(n), 10)
	}
	for _, r := range l.Rules {
		m.buf = appendJSON(append(m.buf, ','), r)
	}
	m.buf = append(m.buf, ']')
}

// end ends the object that is open.
func (m *mapText) end() {
	if m.lines > 0 {
		m.buf = append(m.buf, "]}\n"...)
		m.lines = 0
	}
}

// mapSize is about how many bytes the map of n lines takes.
func mapSize(n int) int { return 24*n + 200 }

// mapOf is the map of the lines of a file.
func mapOf(file string, lines []LineFrom) []byte {
	m := mapText{file: file, buf: make([]byte, 0, mapSize(len(lines)))}
	for i := range lines {
		m.add(&lines[i])
	}
	m.end()
	return m.buf
}

// appendJSON appends a JSON string.
func appendJSON(buf []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			b, _ := json.Marshal(s) // of a string it does not fail
			return append(buf, b...)
		}
	}
	return append(append(append(buf, '"'), s...), '"')
}

// ReadMap reads the map of a file that WriteFolder or ConvertFolder wrote. The error is fs.ErrNotExist if there is none.
func ReadMap(file string) (*FileMap, error) {
	if m, err := readMaps(file+mapEnding, ""); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	full, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("read map of %s: %w", file, err)
	}
	root := full
	for range 3 { // schema/kind/name.sql
		root = filepath.Dir(root)
	}
	rel, err := filepath.Rel(root, full)
	if err != nil {
		return nil, fmt.Errorf("read map of %s: %w", file, err)
	}
	return readMaps(filepath.Join(root, mapsName), filepath.ToSlash(rel))
}

// readMaps reads what a file of maps says of one file, "" for the only one.
func readMaps(path, file string) (*FileMap, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read map: %w", err)
	}
	defer f.Close()
	out := &FileMap{File: file}
	want := appendJSON([]byte(`{"file":`), file)
	for r := bufio.NewReaderSize(f, 64<<10); ; {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 && (file == "" || bytes.HasPrefix(line, want)) {
			if err := out.take(line); err != nil {
				return nil, fmt.Errorf("read map %s: %w", path, err)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read map %s: %w", path, err)
		}
	}
	if len(out.Lines) == 0 {
		return nil, fmt.Errorf("read map of %s in %s: %w", file, path, fs.ErrNotExist)
	}
	return out, nil
}

// take adds the lines of one object.
func (m *FileMap) take(object []byte) error {
	var o struct {
		File   string  `json:"file"`
		Source string  `json:"source"`
		Lines  [][]any `json:"lines"`
	}
	if err := json.Unmarshal(object, &o); err != nil {
		return err
	}
	m.File = o.File
	for _, l := range o.Lines {
		if len(l) < 2 {
			return errors.New("a line has no place")
		}
		f := LineFrom{Line: intOf(l[0]), Source: o.Source, SourceLine: intOf(l[1])}
		if f.SourceLine <= 0 {
			f.Source, f.SourceLine = "", -f.SourceLine
		}
		for _, r := range l[2:] {
			s, _ := r.(string)
			f.Rules = append(f.Rules, s)
		}
		m.Lines = append(m.Lines, f)
	}
	return nil
}

func intOf(v any) int {
	f, _ := v.(float64)
	return int(f)
}
