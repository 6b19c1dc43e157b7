namespace Sluice.Core.Catalog;

/// <summary>Whether the platform would honour grants Sluice makes on an object. The numbers are stored: never renumber.</summary>
public enum Governance
{
    /// <summary>The platform enforces native grants on it: proven by what was read.</summary>
    Governed = 0,

    /// <summary>Something else decides access (IAM access control, hybrid access mode, a resource link's target).</summary>
    Ungoverned = 1,

    /// <summary>What would prove it could not be read. Fails closed unless <c>acceptUnknownGovernance</c>.</summary>
    Unknown = 2,
}
