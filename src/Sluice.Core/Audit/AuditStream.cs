namespace Sluice.Core.Audit;

/// <summary>One chain of events: the administration's, or a connection's.</summary>
/// <param name="Name"><c>administration</c>, or the connection's id in lower case.</param>
public readonly record struct AuditStream(string Name)
{
    /// <summary>Registrations, settings, keys, people, policies.</summary>
    public static AuditStream Administration { get; } = new("administration");

    /// <summary>What concerns one connection's objects and its platform. It outlives the connection.</summary>
    public static AuditStream Of(Guid connectionId) => new(connectionId.ToString("D"));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
