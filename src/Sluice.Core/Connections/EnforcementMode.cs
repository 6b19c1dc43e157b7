namespace Sluice.Core.Connections;

/// <summary>What Sluice may change on a platform (architecture.md, rule 4).</summary>
public enum EnforcementMode
{
    /// <summary>Removes exact grants others gave to registered people as well. The default.</summary>
    Sync,

    /// <summary>Changes and removes only what carries our mark.</summary>
    UpsertOnly,

    /// <summary>Adds, never takes back.</summary>
    CreateOnly,

    /// <summary>Writes nothing.</summary>
    Observe,
}
