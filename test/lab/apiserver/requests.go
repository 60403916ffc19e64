package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apiserver/pkg/endpoints/request"
)

// requestLog writes one line of JSON for every request about resources, in the words of RBAC, so that a test can hold a
// role to what was asked for. Who asks is the bearer token: any will do here, and tests give each client its own.
type requestLog struct {
	next http.Handler
	mu   sync.Mutex
	file *os.File
}

type requestLine struct {
	User        string `json:"user"`
	Verb        string `json:"verb"`
	Group       string `json:"group"`
	Resource    string `json:"resource"`
	Subresource string `json:"subresource,omitempty"`
	Namespace   string `json:"namespace,omitempty"`
	Name        string `json:"name,omitempty"`
}

var resolver = request.RequestInfoFactory{APIPrefixes: sets.NewString("api", "apis"), GrouplessAPIPrefixes: sets.NewString("api")}

func (l *requestLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, isToken := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	info, err := resolver.NewRequestInfo(r)
	if isToken && err == nil && info.IsResourceRequest && info.Resource != "" {
		line, _ := json.Marshal(requestLine{user, info.Verb, info.APIGroup, info.Resource, info.Subresource, info.Namespace, info.Name})
		l.mu.Lock()
		_, _ = l.file.Write(append(line, '\n'))
		l.mu.Unlock()
	}
	l.next.ServeHTTP(w, r)
}
