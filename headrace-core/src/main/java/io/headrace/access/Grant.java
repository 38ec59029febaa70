package io.headrace.access;

/** That somebody has a role. */
public record Grant(Scope scope, Role role) {}
