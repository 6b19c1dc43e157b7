namespace Sluice.Platforms;

/// <summary>What a platform says it is: one connection may be registered per key.</summary>
/// <param name="Key">Canonical and comparable, such as <c>glue:aws:123456789012:us-east-1</c>. A part the platform does not show is empty.</param>
/// <param name="DisplayName">For people, such as <c>Glue Data Catalog 123456789012 in us-east-1</c>.</param>
public sealed record PlatformIdentity(string Key, string DisplayName)
{
    /// <summary>Whether nothing tells it from the platform of another key: a part that one of the two does not show contradicts nothing.</summary>
    public bool AgreesWith(string otherKey)
    {
        var (own, other) = (Key.Split(':'), otherKey.Split(':'));
        return own.Length == other.Length && own.Zip(other).All(part => part.First == part.Second || part.First.Length == 0 || part.Second.Length == 0);
    }
}
