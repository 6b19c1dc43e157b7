using Sluice.Core.Catalog;
using Sluice.Platforms;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Connections;

/// <summary>The documented answer of everything that starts background jobs.</summary>
/// <param name="ObjectPath">What the jobs work on.</param>
/// <param name="BulkId">By which the jobs are found.</param>
public sealed record Accepted(ObjectPath ObjectPath, Guid BulkId);

/// <summary>What a dry run found: nothing was stored.</summary>
/// <param name="ObjectPath">What would be registered.</param>
/// <param name="Identity">What the platform says it is.</param>
/// <param name="Checks">Every check.</param>
public sealed record DryRunReport(ObjectPath ObjectPath, PlatformIdentity Identity, IReadOnlyList<Check> Checks);

/// <summary>A connection as the API shows it.</summary>
/// <param name="Stored">As stored, without secrets.</param>
/// <param name="SecretFields">The member paths of its secrets below <c>connection</c>: shown as <c>[REDACTED]</c>.</param>
/// <param name="Checks">The last checks.</param>
public sealed record ConnectionView(StoredConnection Stored, IReadOnlyList<string> SecretFields, IReadOnlyList<Check> Checks);
