// Package dialect names the source and target dialects and carries the settings that change meaning.
package dialect

import (
	"fmt"
	"sort"
	"strings"
)

// Name is a dialect: "mysql", "mariadb", "oracle", "postgres".
type Name string

// The dialects known so far.
const (
	MySQL    Name = "mysql"
	MariaDB  Name = "mariadb"
	Oracle   Name = "oracle"
	Postgres Name = "postgres"
)

// Version is a server version such as 8.0.36 or 15.4; zero fields are unknown.
type Version struct{ Major, Minor, Patch int }

// AtLeast compares versions.
func (v Version) AtLeast(major, minor int) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// Settings are the settings of a source that change meaning (sql_mode, collation, time-zone, ...), lower-case names.
type Settings map[string]string

// Clone copies the settings.
func (s Settings) Clone() Settings {
	c := make(Settings, len(s))
	for k, v := range s {
		c[k] = v
	}
	return c
}

// Keys lists the names in order.
func (s Settings) Keys() []string {
	k := make([]string, 0, len(s))
	for n := range s {
		k = append(k, n)
	}
	sort.Strings(k)
	return k
}

// ParseSetting splits name=value; the name is folded to lower case with "-" for "_".
func ParseSetting(s string) (name, value string, err error) {
	n, v, ok := strings.Cut(s, "=")
	if !ok || n == "" {
		return "", "", fmt.Errorf("setting %q: want name=value", s)
	}
	return NormalizeSetting(n), v, nil
}

// NormalizeSetting folds a setting's name: lower case, "_" becomes "-".
func NormalizeSetting(n string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(n)), "_", "-")
}
