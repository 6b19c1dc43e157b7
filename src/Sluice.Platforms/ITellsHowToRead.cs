using Sluice.Core.Planning;

namespace Sluice.Platforms;

/// <summary>A platform on which somebody who may read an object has to do something for it, once they have logged in.</summary>
public interface ITellsHowToRead
{
    /// <summary>What, for people; null where it is nothing.</summary>
    /// <param name="intent">One object, and somebody for whom its rule holds or who reads it by a subscription.</param>
    string? HowToRead(AccessIntent intent);
}
