using System.Security.Cryptography;

namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>Ids that nobody guesses: knowing a statement's or a context's is part of being let at it.</summary>
internal static class RandomId
{
    public static Guid New() => new(RandomNumberGenerator.GetBytes(16));
}
