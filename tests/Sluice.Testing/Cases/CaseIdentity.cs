using Sluice.Core.Policies;

namespace Sluice.Testing.Cases;

/// <summary>An identity on the platform and the people that use it.</summary>
public sealed record CaseIdentity(string Name, ValueList<string> PersonIds);
