namespace Sluice.Core.Access;

/// <summary>Objects that the policies treat alike, and what they ask for on them.</summary>
internal sealed class ObjectBucket(PolicySet set, ObjectAccess access)
{
    public PolicySet Set => set;

    public ObjectAccess Access => access;

    /// <summary>Everybody that is asked about on these objects: who reads, who writes, who is exempt.</summary>
    public IEnumerable<AccessRule> Audiences =>
        access.Masks.Select(static m => m.Exempt).Concat(access.RowRules.Select(static r => r.Exempt)).Prepend(access.Write).Prepend(access.Read);
}
