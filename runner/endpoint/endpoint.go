// Package endpoint reads the URL of a source or target database and opens connections to it.
//
// A URL looks like mysql://user:password@host:3306/schema?sslmode=require. The password may be a reference,
// env:NAME or file:/path (in the user part percent-encoded, or as the parameter password=), and is never printed.
package endpoint

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
)

// Kind is the family of wire protocol that an endpoint speaks.
type Kind string

// The kinds of endpoint.
const (
	MySQL    Kind = "mysql" // MySQL and MariaDB; the server says which it is
	Postgres Kind = "postgres"
)

// ErrURL is the root of every error about the form of a URL.
var ErrURL = errors.New("bad database URL")

// Endpoint is a parsed URL. The password is kept out of every printed form.
type Endpoint struct {
	Kind     Kind
	Host     string
	Port     string
	Socket   string // path of a unix socket, "" for TCP
	User     string
	Database string // schema on MySQL, database on PostgreSQL; "" if none was named
	TLS      TLS
	Params   url.Values // parameters other than TLS and password

	password string
}

// TLS says how the connection is protected.
type TLS struct {
	Mode string // disable, prefer, require, verify-ca, verify-full
	CA   string // file with the certificates to trust
	Cert string // file with the client's certificate
	Key  string // file with the client's key
}

var schemes = map[string]struct {
	kind Kind
	port string
}{
	"mysql":      {MySQL, "3306"},
	"mariadb":    {MySQL, "3306"},
	"postgres":   {Postgres, "5432"},
	"postgresql": {Postgres, "5432"},
}

// IsURL tells whether s has the form of a database URL rather than of a path.
func IsURL(s string) bool {
	scheme, _, ok := strings.Cut(s, "://")
	return ok && scheme != "" && !strings.ContainsAny(scheme, "/\\. ")
}

// Parse reads a URL and resolves the password reference. Errors wrap ErrURL and never contain the password.
func Parse(s string) (*Endpoint, error) {
	u, err := url.Parse(s)
	if err != nil {
		// url.Error repeats its input, password and all.
		var ue *url.Error
		if errors.As(err, &ue) {
			err = errors.New("it does not parse; percent-encode special characters of user and password")
		}
		return nil, fmt.Errorf("%w: %w", ErrURL, err)
	}
	sc, ok := schemes[u.Scheme]
	if strings.HasPrefix(u.Scheme, "oracle") {
		return nil, fmt.Errorf("%w: Oracle is not read live; give a script or a folder of scripts of its definitions, such as those of DBMS_METADATA.GET_DDL, with --from oracle", ErrURL)
	}
	if !ok {
		return nil, fmt.Errorf("%w: scheme %q is not known; use mysql://, mariadb:// or postgres://", ErrURL, u.Scheme)
	}
	e := &Endpoint{Kind: sc.kind, Host: u.Hostname(), Port: u.Port(), Database: strings.TrimPrefix(u.Path, "/"), Params: u.Query()}
	e.defaults(sc.port)
	if err := e.tls(); err != nil {
		return nil, err
	}
	return e, e.credentials(u)
}

func (e *Endpoint) defaults(port string) {
	if e.Port == "" {
		e.Port = port
	}
	e.Socket = e.take("socket")
	if h := e.take("host"); h != "" {
		e.Host = h
	}
	if strings.HasPrefix(e.Host, "/") {
		e.Socket, e.Host = e.Host, ""
		if e.Kind == Postgres {
			e.Socket += "/.s.PGSQL." + e.Port
		}
	}
	if e.Host == "" && e.Socket == "" {
		e.Host = "localhost"
	}
}

// take removes a parameter and returns its value.
func (e *Endpoint) take(names ...string) string {
	v := ""
	for _, n := range names {
		if x := e.Params.Get(n); x != "" {
			v = x
		}
		e.Params.Del(n)
	}
	return v
}

var sslModes = map[string]string{
	"": "prefer", "disable": "disable", "disabled": "disable", "allow": "prefer", "prefer": "prefer", "preferred": "prefer",
	"require": "require", "required": "require", "verify-ca": "verify-ca", "verify_ca": "verify-ca",
	"verify-full": "verify-full", "verify_identity": "verify-full",
}

func (e *Endpoint) tls() error {
	given := e.take("sslmode", "ssl-mode")
	mode, ok := sslModes[strings.ToLower(given)]
	if !ok {
		return fmt.Errorf("%w: sslmode=%q; use disable, prefer, require, verify-ca or verify-full", ErrURL, given)
	}
	e.TLS = TLS{Mode: mode, CA: e.take("sslrootcert", "ca"), Cert: e.take("sslcert", "cert"), Key: e.take("sslkey", "key")}
	if (e.TLS.Cert == "") != (e.TLS.Key == "") {
		return fmt.Errorf("%w: cert and key must be given together", ErrURL)
	}
	if given == "" && e.TLS.CA != "" {
		e.TLS.Mode = "verify-full"
	}
	return nil
}

func (e *Endpoint) credentials(u *url.URL) error {
	pw := ""
	if u.User != nil {
		e.User = u.User.Username()
		pw, _ = u.User.Password()
	}
	if x := e.take("user"); x != "" {
		e.User = x
	}
	if x := e.take("password"); x != "" {
		pw = x
	}
	pw, err := Secret(pw)
	if err != nil {
		return fmt.Errorf("password of %s: %w", e, err)
	}
	e.password = pw
	return nil
}

// Secret resolves a reference: env:NAME is an environment variable, file:PATH a file's first line, a URL a variable that
// a secret manager holds (see variable); anything else is the value itself.
func Secret(ref string) (string, error) {
	if name, ok := strings.CutPrefix(ref, "env:"); ok {
		v, set := os.LookupEnv(name)
		if !set {
			return "", fmt.Errorf("environment variable %s is not set; export it for this command, or let the password refer to a file (file:PATH)", name)
		}
		return v, nil
	}
	if path, ok := strings.CutPrefix(ref, "file:"); ok {
		b, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("read the secret: %w", err)
		}
		line, _, _ := strings.Cut(string(b), "\n")
		return strings.TrimSuffix(line, "\r"), nil
	}
	if isVariable(ref) {
		return variable(ref)
	}
	return ref, nil
}

// Password is the resolved password, for a client that the project does not open itself.
func (e *Endpoint) Password() string { return e.password }

// Address is host:port, or the path of the socket.
func (e *Endpoint) Address() string {
	if e.Socket != "" {
		return e.Socket
	}
	return net.JoinHostPort(e.Host, e.Port)
}

// String is the URL without its password and parameters, for messages and reports.
func (e *Endpoint) String() string {
	s := string(e.Kind) + "://"
	if e.User != "" {
		s += e.User + "@"
	}
	return s + e.Address() + "/" + e.Database
}

// GoString keeps %#v from printing the password.
func (e *Endpoint) GoString() string { return e.String() }

// Redact removes the password from a URL, also from one that does not parse.
func Redact(s string) string {
	if e, err := Parse(s); err == nil {
		return e.String()
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return s
	}
	if i := strings.LastIndex(rest, "@"); i >= 0 {
		rest = rest[i+1:]
	}
	rest, _, _ = strings.Cut(rest, "?")
	return scheme + "://" + rest
}
