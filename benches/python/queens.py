"""benches/programs/queens.js in Python."""
from bench import bench


class Board:
    def __init__(self, size):
        self.size = size
        self.rows = [True] * size
        self.rising = [True] * (2 * size)
        self.falling = [True] * (2 * size)
        self.placed = [-1] * size
        self.solutions = 0

    def is_free(self, row, column):
        return self.rows[row] and self.rising[column + row] and self.falling[column - row + self.size - 1]

    def mark(self, row, column, free):
        self.rows[row] = free
        self.rising[column + row] = free
        self.falling[column - row + self.size - 1] = free

    def place(self, column):
        if column == self.size:
            self.solutions += 1
            return
        for row in range(self.size):
            if self.is_free(row, column):
                self.placed[column] = row
                self.mark(row, column, False)
                self.place(column + 1)
                self.mark(row, column, True)


def run():
    board = Board(8)
    board.place(0)
    return board.solutions


bench(run, 92)
