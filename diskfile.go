package godwit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// mapEnding is what the name of a file's map ends in.
const mapEnding = ".map.json"

// diskFile is a file of a folder with its map, both of which go to disk bit by bit.
type diskFile struct {
	dir, rel    string
	text, lines []byte
	begun       bool
}

// diskBuffer is how much is kept before it is written.
const diskBuffer = 64 << 10

func newDiskFile(dir, rel string) *diskFile { return &diskFile{dir: dir, rel: rel} }

// take takes what a builder has collected.
func (d *diskFile) take(b *builder) error {
	d.text = append(d.text, b.text.String()...)
	b.text.Reset()
	for i := range b.file.Map.Lines {
		line, err := json.Marshal(&b.file.Map.Lines[i])
		if err != nil {
			return fmt.Errorf("write map of %s: %w", d.rel, err)
		}
		d.lines = append(append(d.lines, line...), ',')
	}
	b.file.Map.Lines = b.file.Map.Lines[:0]
	if len(d.text)+len(d.lines) < diskBuffer {
		return nil
	}
	return d.flush(false)
}

// flush writes what is kept. The last comma of the map waits for what comes next.
func (d *diskFile) flush(end bool) error {
	m := d.lines
	if !d.begun {
		head, err := json.Marshal(d.rel)
		if err != nil {
			return fmt.Errorf("write map of %s: %w", d.rel, err)
		}
		m = append([]byte(`{"file":`+string(head)+`,"lines":[`), m...)
	}
	if end {
		m = append(bytes.TrimSuffix(m, []byte(",")), "]}\n"...)
	} else if n := len(m) - 1; n >= 0 && m[n] == ',' {
		m = m[:n]
	}
	if err := d.add(d.rel, d.text); err != nil {
		return err
	}
	if err := d.add(d.rel+mapEnding, m); err != nil {
		return err
	}
	pending := bytes.HasSuffix(d.lines, []byte(","))
	d.text, d.lines, d.begun = d.text[:0], d.lines[:0], true
	if pending {
		d.lines = append(d.lines, ',')
	}
	return nil
}

// close writes the rest.
func (d *diskFile) close() error {
	// What is pending from the last flush is the comma alone.
	if d.begun && len(d.lines) == 1 {
		d.lines = d.lines[:0]
	}
	return d.flush(true)
}

func (d *diskFile) add(rel string, b []byte) error {
	full := filepath.Join(d.dir, filepath.FromSlash(rel))
	how := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if !d.begun {
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return fmt.Errorf("write %s: %w", rel, err)
		}
		how |= os.O_TRUNC
	}
	f, err := os.OpenFile(full, how, 0o644)
	if err != nil {
		return fmt.Errorf("write %s: %w", rel, err)
	}
	if _, err := f.Write(b); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", rel, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", rel, err)
	}
	return nil
}
