"""Ten promotions and ten rollbacks in a row on `autodidact serve`, and clients that ask without pause."""

import pytest

from autodidact.promotion.rollback import roll_back
from tests.serving.test_serve import WHY, Client, World, asked_some_more

pytestmark = pytest.mark.slow


def test_no_request_fails_and_no_answer_is_of_two_versions(tmp_path):
    world = World(tmp_path)
    base, c1, c2, c3 = world.versions
    world.start()
    world.promote(c1, base)
    clients = [Client(world.url) for _ in range(2)]

    try:
        for client in clients:
            client.start()
        for number in range(10):
            version = (c2, c3)[number % 2]
            world.promote(version, c1)
            asked_some_more(clients)
            roll_back(world.chronicle, world.store, world.settings, "shop", c1, **WHY)
            asked_some_more(clients)
        for client in clients:
            client.over.set()
            client.join()
        world.agrees_on(c1)
    finally:
        world.process.kill()
        world.process.wait()
    assert [client.failed for client in clients] == [[], []]
    for client in clients:
        names = [name for name, _ in client.texts]
        assert sum(one != other for one, other in zip(names, names[1:], strict=False)) == 20
    # Each version has one answer to the question, and no two have the same: an answer of two would be a fourth.
    texts = {answer for client in clients for answer in client.texts}
    assert len(texts) == len({text for _, text in texts}) == 3
    answers = sum(len(client.texts) for client in clients)
    print(f"autodidact serve: 10 promotions, 10 rollbacks, {answers} answers: 0 failed, 0 mixed")
