package godwit

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// diskFile is a file of a folder with its map, both of which go to disk bit by bit.
type diskFile struct {
	rel           string
	text          []byte
	maps          mapText
	begun, mapped bool // the file and its map are on disk in part
	waits         bool // something is kept
	sum           fileSum
}

// disks are the files that go to disk bit by bit. What all of them keep together is bounded.
type disks struct {
	dir     string
	waiting []*diskFile
	kept    int
}

// diskBuffer is how much is kept before it is written. Texts of largeText bytes and more are not kept.
const (
	diskBuffer = 512 << 10
	largeText  = 64 << 10
)

// take takes what a builder has collected.
func (d *disks) take(b *builder) error {
	f, text := b.disk, b.text.String()
	b.text.Reset()
	before := len(f.maps.buf)
	for i := range b.file.Map.Lines {
		f.maps.add(&b.file.Map.Lines[i])
	}
	b.file.Map.Lines = b.file.Map.Lines[:0]
	d.kept += len(f.maps.buf) - before
	if !f.waits {
		f.waits = true
		d.waiting = append(d.waiting, f)
	}
	if len(text) >= largeText {
		d.kept -= len(f.text)
		return d.write(f, text)
	}
	f.text = append(f.text, text...)
	if d.kept += len(text); d.kept < diskBuffer {
		return nil
	}
	for _, w := range d.waiting {
		if err := d.write(w, ""); err != nil {
			return err
		}
		if err := d.writeMap(w); err != nil {
			return err
		}
		if w.waits = false; w != f {
			w.text, w.maps.buf = nil, nil
		}
	}
	d.waiting, d.kept = d.waiting[:0], 0
	return nil
}

// write writes the text that a file has kept, and more behind it.
func (d *disks) write(f *diskFile, more string) error {
	if len(f.text) == 0 && more == "" && f.begun {
		return nil
	}
	err := d.add(f.rel, !f.begun, func(w io.Writer) error {
		if _, err := w.Write(f.text); err != nil {
			return err
		}
		_, err := io.WriteString(w, more)
		return err
	})
	f.sum.add(f.text)
	f.sum.addText(more)
	f.text, f.begun = f.text[:0], true
	return err
}

// writeMap writes what a file has kept of its map.
func (d *disks) writeMap(f *diskFile) error {
	if len(f.maps.buf) == 0 {
		return nil
	}
	err := d.add(f.rel+mapEnding, !f.mapped, func(w io.Writer) error {
		_, err := w.Write(f.maps.buf)
		return err
	})
	f.maps.buf, f.mapped = f.maps.buf[:0], true
	return err
}

// close writes the rest, and tells whether the file has a map.
func (d *disks) close(f *diskFile) (mapped bool, err error) {
	f.maps.end()
	if err := d.write(f, ""); err != nil {
		return false, err
	}
	err = d.writeMap(f)
	return f.mapped, err
}

// add writes to the end of a file.
func (d *disks) add(rel string, begin bool, text func(io.Writer) error) error {
	full := filepath.Join(d.dir, filepath.FromSlash(rel))
	how := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if begin {
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return fmt.Errorf("write %s: %w", rel, err)
		}
		how |= os.O_TRUNC
	}
	f, err := os.OpenFile(full, how, 0o644)
	if err != nil {
		return fmt.Errorf("write %s: %w", rel, err)
	}
	if err := text(f); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", rel, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", rel, err)
	}
	return nil
}
