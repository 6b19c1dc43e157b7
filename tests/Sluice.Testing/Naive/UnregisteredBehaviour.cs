namespace Sluice.Testing.Naive;

/// <summary>What masks and row rules do to whoever is not registered.</summary>
public enum UnregisteredBehaviour
{
    /// <summary>They are treated as not exempt.</summary>
    Protect,

    /// <summary>They see what they saw.</summary>
    Pass,
}
