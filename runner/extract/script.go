package extract

import (
	"fmt"
	"strings"
)

// Script writes everything as one script in the form of the mysql client: the settings of each object before it,
// routines between DELIMITER lines. A front end reads it as it reads a dump.
func (r *Result) Script() string {
	w := &scriptWriter{}
	fmt.Fprintf(&w.b, "-- source: %s %s\n", r.Flavor, r.Version)
	w.setting("NAMES utf8mb4")
	w.setting("FOREIGN_KEY_CHECKS = 0")
	for _, o := range r.Objects {
		w.object(o)
	}
	for _, u := range r.Unseen {
		fmt.Fprintf(&w.b, "\n-- not seen: %s\n", strings.ReplaceAll(u.String(), "\n", " "))
	}
	return w.b.String()
}

// scriptWriter remembers the session's settings, so that each is written only where it changes.
type scriptWriter struct {
	b                                 strings.Builder
	schema, mode, charset, coll, zone string
	started                           bool
}

func (w *scriptWriter) setting(s string) { fmt.Fprintf(&w.b, "SET %s;\n", s) }

func (w *scriptWriter) object(o Object) {
	if o.Kind == Schema {
		w.schema = o.Schema
		fmt.Fprintf(&w.b, "\n-- schema %s\n%s;\nUSE %s;\n", line(o.Name), o.Text, quote(o.Name))
		return
	}
	w.session(o)
	fmt.Fprintf(&w.b, "\n-- %s %s.%s\n", o.Kind, line(o.Schema), line(o.Name))
	switch o.Kind {
	case Table, View, Sequence:
		fmt.Fprintf(&w.b, "%s;\n", o.Text)
	default:
		d := delimiter(o.Text)
		fmt.Fprintf(&w.b, "DELIMITER %s\n%s%s\nDELIMITER ;\n", d, o.Text, d)
	}
}

// session sets what the object was made under; tables and views print the same under any sql_mode of ours.
func (w *scriptWriter) session(o Object) {
	if !w.started || o.SQLMode != w.mode {
		w.mode, w.started = o.SQLMode, true
		w.setting("sql_mode = '" + o.SQLMode + "'")
	}
	w.change(&w.charset, o.Charset, "character_set_client")
	w.change(&w.coll, o.Collation, "collation_connection")
	w.change(&w.zone, o.TimeZone, "time_zone")
}

func (w *scriptWriter) change(have *string, want, name string) {
	if want != "" && want != *have {
		*have = want
		w.setting(fmt.Sprintf("%s = '%s'", name, strings.ReplaceAll(want, "'", "''")))
	}
}

// line keeps a name with a line break from ending its comment.
func line(s string) string { return strings.NewReplacer("\n", " ", "\r", " ").Replace(s) }

// delimiter finds one that the text does not contain, nor completes at its end.
func delimiter(text string) string {
	for _, d := range []string{"$$", "//", ";;"} {
		if !strings.Contains(text, d) && !strings.HasSuffix(text, d[:1]) {
			return d
		}
	}
	for i := 1; ; i++ {
		if d := fmt.Sprintf("$end%d$", i); !strings.Contains(text, d) {
			return d
		}
	}
}
